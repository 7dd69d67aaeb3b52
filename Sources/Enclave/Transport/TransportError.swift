/// Why a lane with its connections cannot start.
enum TransportError: Error, Equatable, Sendable {
    /// libcurl refused an option, for example because it was built without TLS. The number is libcurl's.
    case libraryRefused(option: UInt32, code: UInt32)
    /// libcurl could not be set up at all.
    case libraryUnavailable
    /// The system has no more threads.
    case noThread
}

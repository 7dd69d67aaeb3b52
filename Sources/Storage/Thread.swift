import Glibc

/// A thread of its own, outside Swift's cooperative pool, for work that blocks.
enum Thread {
    /// Starts `body` on a new thread and returns at once.
    static func start(_ body: @escaping @Sendable () -> Void) throws(StorageError) {
        let start = Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw StorageError(.unavailable, reason: "the system gave no thread: \(describe(systemError: result))")
        }
        pthread_detach(thread)
    }

    /// A closure as an object, which is what a C function can be given.
    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// The system's text for an error number, such as "No space left on device".
func describe(systemError number: Int32) -> String {
    // Safe on any thread since glibc 2.32.
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
}

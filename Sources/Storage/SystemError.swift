import Glibc

/// The system's text for an error number, such as "No space left on device".
func describe(systemError number: Int32) -> String {
    // Safe on any thread since glibc 2.32.
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
}

import Glibc

/// Everything that a running enclave says besides its answers: a name and a number, never free text, so that no
/// secret can slip into a log.
enum EnclaveEvent: String, CaseIterable {
    /// The sandbox is closed as far as the code says: 1 system calls, 2 network, 4 privileges, 8 dumps, 16 memory,
    /// 32 user.
    case sandboxClosed
    /// No head of a log is signed, because of the anchor: 1 it is missing, 2 unreadable, 3 open to others, 4 another
    /// user's, 5 damaged, 6 in use.
    case logsUnanchored
    case hostGone
    /// The process that keeps the master keys ended, or does not answer: this one ends too.
    case keeperGone
    case protocolBroken

    /// Writes one line of JSON to the standard error.
    func record(code: Int = 0) {
        let line = Array("{\"event\":\"\(rawValue)\",\"code\":\(code)}\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

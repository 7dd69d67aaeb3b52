import Glibc

/// ``ServiceNotices`` over a socket that stays open as long as the process lives.
public struct OpenServiceNotices: Sendable {
    let descriptor: Int32
    /// How often the service manager wants to hear ``ServiceNotices/Notice/alive``.
    public let pulse: Duration

    /// Tells one thing. A service manager that takes nothing at the moment is not waited for.
    public func tell(_ notice: ServiceNotices.Notice) {
        let text = Array(notice.rawValue.utf8)
        _ = send(descriptor, text, text.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
}

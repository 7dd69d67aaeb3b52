import Glibc
import Synchronization

/// Says on standard error how far long work is: on a terminal in one line that is drawn again, elsewhere in a line every
/// few seconds.
final class Progress: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let isQuiet: Bool
    private let last: Mutex<ContinuousClock.Instant>

    /// - Parameter isQuiet: says nothing at all, for programs.
    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        last = Mutex(.now)
    }

    /// Says how far it is, unless it just did.
    func show(_ text: @autoclosure () -> String) {
        guard !isQuiet, isDue else { return }
        isTerminal ? Terminal.say("\r\u{1B}[K\(text())", end: "") : Terminal.say(text())
    }

    /// Takes the line off the terminal.
    func end() {
        if !isQuiet, isTerminal { Terminal.say("\r\u{1B}[K", end: "") }
    }

    private var isDue: Bool {
        last.withLock { last in
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
            guard last + pause <= .now else { return false }
            last = .now
            return true
        }
    }
}

import Glibc

/// Whoever sits before the command.
enum Terminal {
    /// Whether somebody is there to be asked: both what they type and what they read is a terminal.
    static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal that is written to; 80 where it is none, or does not say.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Asks a question and returns the answer, without spaces around it; empty where there is none.
    static func ask(_ question: String) -> String {
        say(question + " ", end: "")
        return readLine()?.trimming(while: \.isWhitespace) ?? ""
    }

    /// Whether somebody agrees. Where nobody is there to be asked, the command itself is their word.
    static func agrees(to question: String) -> Bool {
        guard isThere else { return true }
        return ["y", "yes"].contains(ask(question + " [y/N]").lowercased())
    }

    /// Writes to standard error, where it does not mix with what programs read.
    static func say(_ text: String, end: String = "\n") {
        let bytes = Array((text + end).utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Shows how far something is, in the place of what was shown before; nothing where nobody watches.
    static func progress(_ text: String) {
        guard isThere else { return }
        say("\r\u{1B}[K\(text)", end: "")
    }
}

extension StringProtocol {
    /// The text without such characters around it.
    func trimming(while isBlank: (Character) -> Bool) -> String {
        String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}

extension String {
    /// The text on one line, with nothing in it that moves the cursor or hides other text, cut to so many characters:
    /// what agents wrote must not write on a terminal.
    func visible(atMost count: Int = 200) -> String {
        let shown = unicodeScalars.prefix(count).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }
        return shown.joined() + (unicodeScalars.count > count ? "…" : "")
    }
}

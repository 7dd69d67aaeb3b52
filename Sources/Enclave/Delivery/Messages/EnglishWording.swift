import EnclaveLink

/// The built-in wording. Every form says the code, the application, how long it is valid, and what not to do.
struct EnglishWording {
    private let code: String
    private let application: String
    private let validity: String
    private let originBound: OriginBoundCode?
    private let codeInSubject: Bool

    init(_ message: OutgoingMessage) {
        code = message.code.value
        application = ApplicationName(message.wording.application).value
        let minutes = message.wording.validMinutes
        validity = minutes == 1 ? "1 minute" : "\(minutes) minutes"
        originBound = OriginBoundCode(domain: message.wording.domain, code: message.code)
        codeInSubject = message.wording.codeInSubject
    }

    /// `Your MySecureApp code`, or `123456 is your MySecureApp code`. Without line breaks, not yet encoded.
    var subject: String { codeInSubject ? "\(code) is your \(yourCode)" : "Your \(yourCode)" }

    /// Plain text for mail, one element per line.
    var textLines: [String] {
        var lines = [
            "Your \(yourCode):", "", code, "",
            "It is valid for \(validity). Never share it with anyone.",
            "If you did not ask for this code, you can ignore this message.",
        ]
        if let originBound { lines += ["", originBound.line] }
        return lines
    }

    /// The same in HTML, one element per line. The code stands on a line of its own, so that it can be read in the
    /// raw message, and no colour or size is a run of digits that could be taken for it.
    var htmlLines: [String] {
        let title = "Your \(HTMLText.escaped(yourCode))"
        var lines = [
            "<!DOCTYPE html>",
            "<html lang=\"en\">",
            "<head><meta charset=\"utf-8\"><title>\(title)</title></head>",
            "<body style=\"font-family:sans-serif;line-height:1.5;color:black;background:white\">",
            "<p>\(title):</p>",
            "<p style=\"font-family:monospace;font-size:2em;font-weight:bold\">",
            HTMLText.escaped(code),
            "</p>",
            "<p>It is valid for \(validity). Never share it with anyone.<br>",
            "If you did not ask for this code, you can ignore this message.</p>",
        ]
        if let originBound {
            lines += ["<p>", HTMLText.escaped(originBound.line), "</p>"]
        }
        return lines + ["</body>", "</html>"]
    }

    /// For SMS, WhatsApp and voice: one GSM-7 segment of 160 characters if the application's name and the domain
    /// together have at most 50.
    var shortLines: [String] {
        let text = "\(code) is your \(yourCode), valid for \(validity). Never share it. Not requested? Ignore it."
        return originBound.map { [text, "", $0.line] } ?? [text]
    }

    private var yourCode: String { application.isEmpty ? "code" : "\(application) code" }
}

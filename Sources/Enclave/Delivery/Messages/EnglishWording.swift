import EnclaveLink

/// The built-in wording, with what the caller changed about it. Every form says the code, and in its own words the
/// application, how long the code is valid, and what not to do.
struct EnglishWording {
    private let code: String
    private let application: String
    private let validity: String
    private let originBound: OriginBoundCode?
    private let codeInSubject: Bool
    private let style: MessageStyle

    init(_ message: OutgoingMessage) {
        code = message.code.value
        application = ApplicationName(message.wording.application).value
        let minutes = message.wording.validMinutes
        validity = minutes == 1 ? "1 minute" : "\(minutes) minutes"
        originBound = OriginBoundCode(domain: message.wording.domain, code: message.code)
        codeInSubject = message.wording.codeInSubject
        style = message.style
    }

    /// `Your MySecureApp code`, or `123456 is your MySecureApp code`. Without line breaks, not yet encoded.
    var subject: String { codeInSubject ? "\(code) is your \(yourCode)" : "Your \(yourCode)" }

    /// Plain text for mail, one element per line.
    var textLines: [String] {
        let linked = link.map { ["Or open this link:", $0, ""] } ?? []
        let bound = originBound.map { ["", $0.line] } ?? []
        return ["Your \(yourCode):", "", code, ""] + linked + adviceLines + bound
    }

    /// The same in HTML, one element per line. The code stands on a line of its own, so that it can be read in the
    /// raw message, and no colour or size is a run of digits that could be taken for it.
    var htmlLines: [String] {
        let title = "Your \(HTMLText.escaped(yourCode))"
        let head = [
            "<!DOCTYPE html>",
            "<html lang=\"en\">",
            "<head><meta charset=\"utf-8\"><title>\(title)</title></head>",
            "<body style=\"font-family:sans-serif;line-height:1.5;color:black;background:white\">",
        ]
        let shownCode = [
            "<p>\(title):</p>",
            "<p style=\"font-family:monospace;font-size:2em;font-weight:bold\">",
            HTMLText.escaped(code),
            "</p>",
        ]
        let advice = ["<p>", adviceLines.joined(separator: "<br>"), "</p>"]
        return head + logoHTML + shownCode + linkHTML + advice + originBoundHTML + ["</body>", "</html>"]
    }

    private var logoHTML: [String] {
        style.logo.map { ["<p><img src=\"\(HTMLText.escaped($0.text))\" alt=\"\" style=\"max-height:4em\"></p>"] } ?? []
    }

    private var linkHTML: [String] {
        link.map { ["<p><a href=\"\(HTMLText.escaped($0))\">Or open this link.</a></p>"] } ?? []
    }

    private var originBoundHTML: [String] { originBound.map { ["<p>", HTMLText.escaped($0.line), "</p>"] } ?? [] }

    private var adviceLines: [String] {
        [
            "It is valid for \(validity). Never share it with anyone.",
            "If you did not ask for this code, you can ignore this message.",
        ]
    }

    /// For SMS, WhatsApp and voice: the caller's text, or one GSM-7 segment of 160 characters if the application's name
    /// and the domain together have at most 50.
    var shortLines: [String] {
        let text =
            style.text?.filled(with: code)
            ?? "\(code) is your \(yourCode), valid for \(validity). Never share it. Not requested? Ignore it."
        return originBound.map { [text, "", $0.line] } ?? [text]
    }

    /// The caller's link with the code in it.
    private var link: String? { style.link?.filled(with: code) }

    private var yourCode: String { application.isEmpty ? "code" : "\(application) code" }
}

import Messages

/// A message's words in the two forms of a mail, plain text and HTML, with what the caller changed about them.
struct MailBody {
    private let text: MailText
    private let code: String
    private let style: MessageStyle

    init(_ message: OutgoingMessage) {
        text = message.writer.mail(codeInSubject: message.wording.codeInSubject)
        code = message.code.value
        style = message.style
    }

    /// Without line breaks, not yet encoded.
    var subject: String { text.subject }

    /// Plain text, one element per line.
    var textLines: [String] {
        let linked = link.map { ["\(text.link):", $0, ""] } ?? []
        let bound = text.originBoundLine.map { ["", $0] } ?? []
        switch text.body {
        case .builtIn(let heading, let advice):
            let binding = text.binding.isEmpty ? [] : text.binding + [""]
            return [heading, "", code, ""] + binding + linked + advice + bound
        case .own(let lines):
            let binding = text.binding.isEmpty ? [] : [""] + text.binding
            return lines + (linked.isEmpty ? [] : [""] + linked.dropLast()) + binding + bound
        }
    }

    /// The same in HTML, one element per line. The code stands on a line of its own, so that it can be read in the
    /// raw message, and no colour or size is a run of digits that could be taken for it.
    var htmlLines: [String] {
        head + logoHTML + bodyHTML + Self.paragraph(text.originBoundLine.map { [$0] } ?? []) + ["</body>", "</html>"]
    }

    private var head: [String] {
        let language = "lang=\"\(text.language.rawValue)\" dir=\"\(text.language.isRightToLeft ? "rtl" : "ltr")\""
        return [
            "<!DOCTYPE html>",
            "<html \(language)>",
            "<head><meta charset=\"utf-8\"><title>\(HTMLText.escaped(title))</title></head>",
            "<body style=\"font-family:sans-serif;line-height:1.5;color:black;background:white\">",
        ]
    }

    /// Without the code, whatever the subject has.
    private var title: String {
        switch text.body {
        case .builtIn(let heading, _): heading
        case .own: text.subject
        }
    }

    private var bodyHTML: [String] {
        switch text.body {
        case .builtIn(let heading, let advice):
            let shownCode = [
                "<p>\(HTMLText.escaped(heading))</p>",
                "<p style=\"font-family:monospace;font-size:2em;font-weight:bold\">",
                HTMLText.escaped(code),
                "</p>",
            ]
            return shownCode + Self.paragraph(text.binding) + linkHTML + Self.paragraph(advice)
        case .own(let lines):
            // Empty lines part paragraphs, as in plain text.
            return lines.split(separator: "").flatMap { Self.paragraph(Array($0)) } + linkHTML
                + Self.paragraph(text.binding)
        }
    }

    private var logoHTML: [String] {
        style.logo.map { ["<p><img src=\"\(HTMLText.escaped($0.text))\" alt=\"\" style=\"max-height:4em\"></p>"] } ?? []
    }

    private var linkHTML: [String] {
        link.map { ["<p><a href=\"\(HTMLText.escaped($0))\">\(HTMLText.escaped(text.link))</a></p>"] } ?? []
    }

    /// The caller's link with the code in it.
    private var link: String? { style.link?.filled(with: code) }

    private static func paragraph(_ lines: [String]) -> [String] {
        guard !lines.isEmpty else { return [] }
        let broken = lines.dropLast().map { HTMLText.escaped($0) + "<br>" } + lines.suffix(1).map(HTMLText.escaped)
        return ["<p>"] + broken + ["</p>"]
    }
}

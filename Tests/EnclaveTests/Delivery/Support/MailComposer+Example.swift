import Foundation
import Testing

@testable import Enclave

extension MailComposer {
    /// At Sat, 21 Nov 2026 07:57:28 UTC.
    static func example(sender: String? = "Example <no-reply@example.com>") throws -> MailComposer {
        MailComposer(sender: try sender.map { try #require(MailSender($0)) } ?? .inbox) {
            WallTime(nanoseconds: 1_795_247_848_000_000_000)
        }
    }

    func received(_ message: OutgoingMessage) -> ReceivedMail { ReceivedMail(bytes: Data(mail(for: message))) }

    func filed(_ message: OutgoingMessage) -> ReceivedMail { ReceivedMail(bytes: Data(inboxFile(for: message))) }
}

extension String {
    /// How often `other` occurs, overlaps not counted.
    func count(of other: String) -> Int { components(separatedBy: other).count - 1 }

    /// The text of HTML as a person sees it: without head and tags, one element per non-empty line.
    var visibleLines: [String] {
        var text = self
        if let end = text.range(of: "</head>") { text = String(text[end.upperBound...]) }
        text = text.replacing(/<[^>]*>/, with: "")
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.replacingOccurrences(of: entity, with: character)
        }
        return text.split(separator: "\n").map(String.init)
    }
}

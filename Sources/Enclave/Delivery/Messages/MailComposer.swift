import EnclaveLink

/// Renders messages as mail (RFC 5322, RFC 2045).
struct MailComposer: Sendable {
    /// Who sends where the caller names nobody.
    let sender: MailSender
    let now: @Sendable () -> WallTime

    /// A message for a mail server: CRLF at the end of each line. Lines that begin with a dot are left to the
    /// transport.
    func mail(for message: OutgoingMessage) -> [UInt8] {
        bytes(mailLines(for: message, extraHeader: []), lineEnd: "\r\n")
    }

    /// A message as a file in the inbox: the mail as a mail server would get it, or the text of the other
    /// channels as a mail of one part. Lines end with LF, as in any Maildir.
    func inboxFile(for message: OutgoingMessage) -> [UInt8] {
        let channel = ["X-Countersign-Channel: \(message.channel.rawValue)"]
        let lines =
            switch message.channel {
            case .email: mailLines(for: message, extraHeader: channel)
            case .sms, .voice, .whatsapp: shortLines(for: message, extraHeader: channel)
            }
        return bytes(lines, lineEnd: "\n")
    }

    private func mailLines(for message: OutgoingMessage, extraHeader: [String]) -> [String] {
        let body = MailBody(message)
        let time = now()
        let identifier = MessageIdentifier(challenge: message.challenge, time: time)
        let boundary = identifier.boundary
        let type = ["Content-Type: multipart/alternative;", " boundary=\"\(boundary)\"", ""]
        return header(for: message, subject: body.subject, identifier, time) + extraHeader + type
            + ["--\(boundary)"] + MailPart(type: "text/plain", lines: body.textLines).encodedLines
            + ["--\(boundary)"] + MailPart(type: "text/html", lines: body.htmlLines).encodedLines
            + ["--\(boundary)--"]
    }

    private func shortLines(for message: OutgoingMessage, extraHeader: [String]) -> [String] {
        let time = now()
        let identifier = MessageIdentifier(challenge: message.challenge, time: time)
        return header(for: message, subject: MailBody(message).subject, identifier, time) + extraHeader
            + MailPart(type: "text/plain", lines: message.filedLines).encodedLines
    }

    private func header(
        for message: OutgoingMessage, subject: String, _ identifier: MessageIdentifier, _ time: WallTime
    ) -> [String] {
        [
            "From: \((message.style.sender ?? sender).headerValue)",
            "To: <\(message.contact.value)>",
        ] + (message.style.replyTo.map { ["Reply-To: <\($0)>"] } ?? []) + [
            "Subject: \(EncodedWord.encoded(subject))",
            "Date: \(time.mailDate)",
            "Message-ID: \(identifier.messageIdentifier(domain: sender.domain))",
            // RFC 3834 §5: keeps vacation programs from answering.
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ]
    }

    private func bytes(_ lines: [String], lineEnd: String) -> [UInt8] {
        // Splitting folded header fields again keeps one kind of line end in the result.
        var result: [UInt8] = []
        for line in lines {
            for part in line.split(separator: "\r\n", omittingEmptySubsequences: false) {
                result += part.utf8
                result += lineEnd.utf8
            }
        }
        return result
    }
}

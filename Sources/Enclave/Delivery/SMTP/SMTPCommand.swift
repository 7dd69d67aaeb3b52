/// A command of an SMTP conversation, as far as the meaning of a refusal depends on it.
enum SMTPCommand: Sendable {
    /// Nothing sent yet, or a command before the message: greeting, EHLO, STARTTLS, AUTH.
    case opening
    case mail, recipient, data

    /// Nil for a line that begins no message command, such as an answer to an authentication challenge.
    init?(line: UnsafeBufferPointer<UInt8>) {
        if line.starts(with: "MAIL FROM:".utf8) {
            self = .mail
        } else if line.starts(with: "RCPT TO:".utf8) {
            self = .recipient
        } else if line.elementsEqual("DATA\r\n".utf8) {
            self = .data
        } else {
            return nil
        }
    }
}

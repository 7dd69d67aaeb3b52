/// Who a mail is from: `Example <no-reply@example.com>` or a bare address.
public struct MailSender: Equatable, Sendable {
    /// Shown beside the address; nil for a bare address.
    public let name: String?
    /// An ASCII mailbox, also the envelope's return path.
    public let address: String

    /// The part of the address after `@`.
    public var domain: String { address.split(separator: "@").last.map(String.init) ?? "" }

    /// Reads the setting `from`; nil if it is no single ASCII mailbox with an optional name.
    public init?(_ setting: String) {
        let (name, address) = Self.split(setting)
        self.init(name: name, address: address)
    }

    /// Nil if the address is no ASCII mailbox, or the name is more than one line or part of a second mailbox.
    init?(name: String?, address: String) {
        guard MailAddress.isDeliverable(address) else { return nil }
        if let name, !Self.isName(name) { return nil }
        self.name = name
        self.address = address
    }

    private init(unchecked name: String, _ address: String) {
        self.name = name
        self.address = address
    }

    /// The sender in inbox files where no mail server is configured.
    static let inbox = MailSender(unchecked: "Countersign", "countersign@localhost")

    /// The value of `From`: the name quoted, or encoded where it is not ASCII.
    var headerValue: String {
        guard let name else { return "<\(address)>" }
        if EncodedWord.needsEncoding(name) { return "\(EncodedWord.encoded(phrase: name)) <\(address)>" }
        let quoted = name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        return "\"\(quoted)\" <\(address)>"
    }

    /// One line, and no part of a second mailbox.
    private static func isName(_ name: String) -> Bool {
        name.unicodeScalars.allSatisfy { $0 != "<" && $0 != ">" && $0.properties.generalCategory != .control }
    }

    private static func split(_ setting: String) -> (name: String?, address: String) {
        let trimmed = setting.drop { $0 == " " }
        guard trimmed.hasSuffix(">"), let opening = trimmed.lastIndex(of: "<") else {
            return (nil, String(trimmed))
        }
        let address = trimmed[trimmed.index(after: opening)...].dropLast()
        var name = trimmed[..<opening]
        while name.last == " " { name = name.dropLast() }
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        return (name.isEmpty ? nil : String(name), String(address))
    }
}

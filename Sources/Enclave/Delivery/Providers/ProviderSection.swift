import Configuration
import EnclaveLink
import Encodings

/// The settings of one provider, with the checks that several types share.
struct ProviderSection {
    let section: Section
    /// Where relative paths start.
    let folder: String

    /// The address of a resource: the setting `url`, without which it is the service's own, and a path under it.
    ///
    /// - Parameter path: begins with a slash.
    func address(of path: String, usually url: String) throws(ConfigurationError) -> HTTPSAddress {
        let base = try section.string("url") ?? url
        let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
        guard !base.contains("?"), let address = HTTPSAddress(trimmed + path) else {
            throw section.error("url", "must be an address without a query, such as \(url)")
        }
        return address
    }

    /// An address that others are told: where to bring delivery reports.
    func reportsAddress() throws(ConfigurationError) -> HTTPSAddress? {
        guard let text = try section.string("reports_url") else { return nil }
        guard let address = HTTPSAddress(text) else {
            throw section.error(
                "reports_url", "must be an address such as https://otp.example.com/v1/delivery-reports/NAME")
        }
        return address
    }

    func requiredSecret(_ name: String) throws(ConfigurationError) -> SecretText {
        try section.requiredSecret(name, orFileIn: folder)
    }

    func secret(_ name: String) throws(ConfigurationError) -> SecretText? {
        try section.secret(name, orFileIn: folder)
    }

    /// An identifier that becomes part of a path, a header or a form: letters, digits, `-` and `_`.
    func requiredIdentifier(_ name: String) throws(ConfigurationError) -> String {
        let text = try section.requiredString(name)
        guard Self.isIdentifier(text) else {
            throw section.error(name, "must be at most 128 letters, digits, - and _")
        }
        return text
    }

    /// Whom a message is from: a number in E.164, a short code, or a name of at most 11 letters and digits.
    func sender(_ name: String) throws(ConfigurationError) -> String? {
        guard let text = try section.string(name) else { return nil }
        let isNumber = text.hasPrefix("+") && ContactAddress(kind: .phone, value: text).isDeliverable
        let isName = text.utf8.count <= 15 && text.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x20 }
        guard isNumber || isName else {
            throw section.error(name, "must be a number such as +4915112345678, a short code, or a name in ASCII")
        }
        return text
    }

    private static func isIdentifier(_ text: String) -> Bool {
        1...128 ~= text.utf8.count
            && text.utf8.allSatisfy { $0.isLetterOrDigit || $0.isOne(of: "-_") }
    }
}

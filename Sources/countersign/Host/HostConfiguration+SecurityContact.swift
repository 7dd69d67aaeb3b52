import API
import Configuration

extension HostConfiguration {
    /// Reads what `/.well-known/security.txt` says. An `expires` that is past stops no start: `doctor` tells of it.
    static func readSecurityContact(_ section: Section) throws(ConfigurationError) -> SecurityContact {
        let contacts = try addresses(
            "contact", section, "must list mailto:, tel: or https:// addresses", SecurityContact.isContact)
        guard !contacts.isEmpty else { throw section.error("contact", "must list at least one address") }
        var contact = SecurityContact(contacts: contacts, expires: try expires(section))
        contact.encryption = try addresses(
            "encryption", section, "must list https://, dns: or openpgp4fpr: addresses", SecurityContact.isKeyAddress)
        contact.acknowledgments = try webAddresses("acknowledgments", section)
        contact.preferredLanguages = try addresses(
            "preferred_languages", section, "must list tags of languages such as en", SecurityContact.isLanguage)
        contact.canonical = try webAddresses("canonical", section)
        contact.policy = try webAddresses("policy", section)
        contact.hiring = try webAddresses("hiring", section)
        return contact
    }

    private static func expires(_ section: Section) throws(ConfigurationError) -> Int64 {
        guard let time = SecurityContact.time(try section.requiredString("expires")) else {
            throw section.error("expires", "must be a time in UTC such as 2030-01-31T00:00:00Z")
        }
        return time
    }

    private static func webAddresses(_ name: String, _ section: Section) throws(ConfigurationError) -> [String] {
        try addresses(name, section, "must list https:// addresses", SecurityContact.isWebAddress)
    }

    private static func addresses(
        _ name: String, _ section: Section, _ rule: String, _ isAllowed: (String) -> Bool
    ) throws(ConfigurationError) -> [String] {
        let texts = try section.strings(name) ?? []
        guard let wrong = texts.first(where: { !isAllowed($0) }) else { return texts }
        throw section.error(name, "\(rule), not \"\(wrong)\"")
    }
}

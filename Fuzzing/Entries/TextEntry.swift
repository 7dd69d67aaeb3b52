import EnclaveLink
import Encodings
import Messages
import Passcodes
@testable import Workspaces

/// Small texts of callers: contacts, addresses, languages, templates.
///
/// Promise: what is normal already stays as it is.
enum TextEntry {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let contact = try? Contact(text) {
            let again = try? Contact(contact.address.value)
            try promise(again?.address.value == contact.address.value, "\(contact.address.value) is another contact")
        }
        if let range = AddressRange(text) {
            try promise(AddressRange(range.description) == range, "\(range) is another range")
        }
        if let address = HTTPSAddress(text) { _ = address.path }
        _ = IPAddress(text)
        _ = LanguageTag(text)
        _ = SegmentCount(of: text)
        _ = WebOrigin.isValid(text)
        for kind in MessageKind.allCases { _ = try? MessageTemplate(kind, subject: nil, text: text) }
    }
}

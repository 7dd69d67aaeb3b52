import Crypto
import EnclaveLink
import Encodings
import JOSE
import Messages

/// What a code is for besides its contact, as a caller says it: fixed when the challenge is made, compared by the enclave,
/// and said by the token.
public struct PasscodeClaims: Equatable, Sendable {
    /// A code that was made for one purpose is wrong for every other.
    public let purpose: String?
    /// The transaction that the code confirms, as canonical JSON (RFC 8785): shown in the message.
    public let binding: String?

    /// For nothing in particular.
    public init() {
        purpose = nil
        binding = nil
    }

    /// - Parameters:
    ///   - purpose: 1 to 64 letters, digits, dots, colons, hyphens and underscores.
    ///   - binding: a JSON object of at most 1,024 bytes in its canonical form, with no number that readers would round.
    /// - Throws: `claimRefused`, which names the field.
    public init(purpose: String?, binding: JSONValue?) throws(PasscodeError) {
        if let purpose, !Self.isPurpose(purpose) {
            throw .claimRefused(
                "purpose", "1 to \(ChallengeClaims.purposeLength) letters, digits, dots, colons, hyphens, underscores.")
        }
        self.purpose = purpose
        self.binding = try binding.map { value throws(PasscodeError) in
            let text = try SmallObject.text(of: value, named: "binding", longest: ChallengeClaims.bindingLength)
            guard BindingMember.members(of: text) != nil else {
                throw .claimRefused(
                    "binding", "a name or value of more than \(BindingMember.longest) characters cannot be shown whole."
                )
            }
            return text
        }
    }

    /// For the enclave; nil where there is nothing to say.
    var sealed: ChallengeClaims? {
        purpose == nil && binding == nil ? nil : ChallengeClaims(purpose: purpose, binding: binding)
    }

    /// By which the host sees whether two sends are for the same; empty for nothing in particular. What a code is for is
    /// stored nowhere else outside its seal.
    var digest: String {
        guard let sealed else { return "" }
        // No purpose has a space.
        let text = "\(sealed.purpose ?? "") \(sealed.binding ?? "")"
        return Hexadecimal.encode(Array(SHA256.hash(data: Array(text.utf8))))
    }

    private static func isPurpose(_ text: String) -> Bool {
        (1...ChallengeClaims.purposeLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isLetterOrDigit || $0.isOne(of: "._:-") }
    }
}

import EnclaveLink
import JOSE

extension ChallengeClaims {
    /// True for claims that a challenge may have: not too long, the binding a JSON object in its canonical form, so that it
    /// means to every reader what it meant to the person.
    var isWellFormed: Bool {
        guard (purpose?.utf8.count ?? 1) <= Self.purposeLength, purpose != "" else { return false }
        guard let binding else { return true }
        return Self.canonical(binding) == binding
    }

    /// True if what a caller presents is what the challenge was made for. However a binding is spelled, it is its value
    /// that counts (RFC 8785).
    func match(_ presented: ChallengeClaims?) -> Bool {
        // Read in any case, so that the time tells nothing of the challenge.
        let presentedBinding = presented?.binding.map { Self.canonical($0) ?? "" }
        return purpose == presented?.purpose && binding == presentedBinding
    }

    /// Nil for what is too long or no JSON object.
    private static func canonical(_ binding: String) -> String? {
        guard binding.utf8.count <= bindingLength,
            let value = try? JSONValue(parsing: Array(binding.utf8), isExact: true), case .object = value,
            let text = try? value.canonicalText()
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}

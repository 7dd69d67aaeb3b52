import EnclaveLink
import Encodings

/// What became of the master keys' file.
public struct Rewrapping: Equatable, Sendable {
    let path: String
    /// Nil where the keys stood in the clear.
    let before: VaultDescription.Wrapping?
    /// Nil where they do now.
    let now: VaultDescription.Wrapping?

    /// For people.
    public var text: String {
        let old = before.map { "wrapped by \($0.words)" } ?? "in the clear"
        let restart =
            before == now
            ? "" : "A server that runs goes on; restart it before 'countersign vault status', 'rotate' or 'retire'.\n"
        guard let now else {
            return "\(path) was \(old); it stands in the clear now, as enclave.yaml names no vault.\n\(restart)"
        }
        return "\(path) was \(old); it is wrapped by \(now.words) now.\n"
            + "Make a new backup of it, and destroy the copies of before.\n\(restart)"
    }

    /// For programs: `{"file", "was_wrapped_by"?, "wrapped_by"?}`.
    public var json: String {
        let members =
            [#""file":\#(JSONText.quoted(path))"#] + (before.map { [#""was_wrapped_by":\#($0.json)"#] } ?? [])
            + (now.map { [#""wrapped_by":\#($0.json)"#] } ?? [])
        return "{\(members.joined(separator: ","))}\n"
    }
}

extension VaultDescription.Wrapping {
    fileprivate var words: String { "the key '\(key)' of the token '\(token)'" }

    fileprivate var json: String { #"{"key":\#(JSONText.quoted(key)),"token":\#(JSONText.quoted(token))}"# }
}

/// What a right code is good for. A code of one purpose is none for the other.
public enum PasscodePurpose: String, CaseIterable, Sendable {
    /// A token for whoever asked, in a dialect or in our own API.
    case verification
    /// Letting a person onto this server's own page, where they decide what agents ask for.
    case approval
}

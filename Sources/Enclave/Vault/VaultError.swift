/// Why the vault did not open, or did not do what it was asked for. The text says what to do.
enum VaultError: Error, Equatable, Sendable, CustomStringConvertible {
    case masterKey(MasterKeyError)
    case token(TokenName, TokenError)
    /// The PIN is not where the setting says.
    case pin(String)
    /// The token refused the PIN, and the file at `path` says so from now on.
    case pinRefused(TokenName, TokenError, path: String)
    /// It did so before, or nobody learned whether it did, and nobody has deleted that file.
    case pinRefusedBefore(TokenName, path: String)
    /// That file cannot be written.
    case refusalNotNoted(path: String)
    /// The file is wrapped by a key that no setting names.
    case foreignWrapping(path: String, token: String, key: String)
    /// The settings name an HSM and the file is not wrapped.
    case notWrapped(path: String)
    case tooManyVersions
    /// Another version is the newest by now.
    case newerVersion

    var description: String {
        switch self {
        case .masterKey(let error): error.description
        case .token(let token, let error): "the vault's token (\(token.text)): \(error)"
        case .pin(let reason): "the vault's PIN: \(reason)"
        case .pinRefused(let token, let error, let path):
            "the vault's token (\(token.text)): \(error); it is not tried again: correct it where enclave.yaml says that "
                + "it is, then delete \(path)"
        case .pinRefusedBefore(let token, let path):
            "the vault's token (\(token.text)) refused the PIN before, or the process that tried it ended before it "
                + "knew; it is not tried again, since a token locks it after a few wrong tries: correct it where enclave.yaml says that it is, then delete \(path)"
        case .refusalNotNoted(let path):
            "\(path) cannot be written, and without it a PIN that is refused would be tried at every start, until the "
                + "token locks it: let the enclave's user write into that folder"
        case .foreignWrapping(let path, let token, let key):
            "\(path): it is wrapped by the key '\(key)' of the token '\(token)'; name them in enclave.yaml, under vault, "
                + "or under previous_vault and run 'countersign vault rewrap'"
        case .notWrapped(let path):
            "\(path): enclave.yaml names a vault, and the file is not wrapped by its key; run 'countersign vault rewrap'"
        case .tooManyVersions:
            "there are \(MasterKeys.versionLimit) versions of the master key; run 'countersign vault retire' first"
        case .newerVersion: "another version of the master key was made meanwhile; run 'countersign vault retire' again"
        }
    }
}

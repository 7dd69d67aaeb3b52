/// Why there is no master key. The text says what to do; it never holds any of the file's content.
public struct MasterKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Error, CaseIterable, Sendable {
        case missing, unreadable, loosePermissions, foreignOwner, malformed, alreadyExists, notWritten
    }

    public let code: Code
    public let path: String

    init(_ code: Code, path: String) {
        self.code = code
        self.path = path
    }

    public var description: String {
        switch code {
        case .missing: "\(path): no master key; make one with 'countersign-enclave create-master-key --data DIR'"
        case .unreadable: "\(path): the master key cannot be read; it must be a file of the enclave's user"
        case .loosePermissions: "\(path): others may read the master key; run 'chmod 600 \(path)'"
        case .foreignOwner: "\(path): the master key belongs to another user; give it to the enclave's user"
        case .malformed:
            "\(path): not a master key: expected the line '\(MasterKeyContent.title)' or "
                + "'\(WrappedMasterKey.title)' and what belongs to it; restore the file from its backup, without it "
                + "nothing that was sealed can be opened"
        case .alreadyExists: "\(path): there is a master key already; it is never overwritten"
        case .notWritten: "\(path): the master key could not be written"
        }
    }
}

import Storage
import TransparencyLog

/// How it stands with a workspace's log.
public enum LogState: Equatable, Sendable {
    /// All that was to be signed is signed.
    case fine
    /// Nobody could sign, or the store did not answer; it is tried again.
    case waiting
    /// An operator has to look; it is tried again, less often.
    case refused(SigningFault)
}

extension LogState {
    /// How it stands with a log that could not be read, or did not fit.
    init(_ error: any Error) {
        switch error {
        case let fault as SigningFault: self = .refused(fault)
        // Whatever else is wrong with what is stored is wrong with the tree.
        case let error as StorageError where error.code == .unexpectedValue: self = .refused(.damagedEntries)
        case is MissingTile, is LogError: self = .refused(.damagedTree)
        default: self = .waiting
        }
    }
}

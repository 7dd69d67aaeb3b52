import Storage

extension WorkspaceError: StorageFailure {
    public init(_ error: any Error) {
        switch error {
        case let error as WorkspaceError: self = error
        case let error as StorageError: self = .unavailable(error.reason)
        default: self = .unavailable("an unexpected error of type \(type(of: error))")
        }
    }
}

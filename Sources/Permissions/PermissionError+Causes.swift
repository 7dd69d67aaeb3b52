import EnclaveLink
import Policies
import Storage
import Workspaces

extension PermissionError: StorageFailure {
    public init(_ error: any Error) {
        switch error {
        case let error as PermissionError: self = error
        case let error as PolicyError: self = .invalidFields(error.faults)
        case let error as WorkspaceError: self = .workspace(error)
        case let error as StorageError: self = .unavailable(error.reason)
        case let error as EnclaveError: self = .unavailable("enclave: \(error.code.rawValue)")
        default: self = .unavailable("an unexpected error of type \(type(of: error))")
        }
    }
}

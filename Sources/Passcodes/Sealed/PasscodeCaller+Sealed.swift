import EnclaveLink
import Workspaces

extension PasscodeCaller {
    /// The caller as the sealed flows see it: whatever its key, in a sandbox everything is a test.
    var inSealedFlow: PasscodeCaller {
        var caller = self
        if workspace.sealedMode == .test { caller.mode = .test }
        return caller
    }
}

extension SealedFlow {
    /// The workspace as clients of the flow name it.
    func organization(of workspace: Workspace) -> String {
        switch self {
        case .turnkey: WorkspaceUUID.organization.text(for: workspace.id)
        case .countersign: workspace.id
        }
    }
}

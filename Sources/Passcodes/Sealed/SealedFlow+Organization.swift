import EnclaveLink
import Workspaces

extension SealedFlow {
    /// The workspace as clients of the flow name it.
    func organization(of workspace: String) -> String {
        switch self {
        case .turnkey: WorkspaceUUID.organization.text(for: workspace)
        case .countersign: workspace
        }
    }
}

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

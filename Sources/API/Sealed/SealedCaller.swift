import HTTPServer
import Passcodes
import Workspaces

/// Who asks our own sealed API: a back end with a secret key, or a visitor who names the workspace's configuration.
struct SealedCaller: Sendable {
    /// Nil for a back end.
    var visitor: Visitor?
    /// The caller as the rooms know it.
    var caller: PasscodeCaller
    /// True with a test key, which gets the code in the answer.
    var showsCode = false

    /// What the caller waits for, and may learn.
    var asker: SealedSendRequest.Asker { visitor == nil ? .backEnd : .visitor }

    init(_ visitor: Visitor) {
        self.visitor = visitor
        caller = visitor.caller
    }

    /// Throws `keyNotPermitted` for an operator's key.
    init(_ identity: CallerIdentity, _ request: Request) throws(WorkspaceError) {
        caller = try identity.passcodeCaller(of: request)
        showsCode = caller.mode == .test
    }
}

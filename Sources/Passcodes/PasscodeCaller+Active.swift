import Workspaces

extension PasscodeCaller {
    /// Throws `subscriptionInactive` where nobody pays for the workspace: nothing is sent, verified or opened there.
    func requireActive() throws(PasscodeError) {
        guard workspace.subscription == .active else { throw .workspace(.subscriptionInactive()) }
    }
}

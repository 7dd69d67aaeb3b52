import FraudGuard
import Workspaces

extension WorkspaceSettings {
    /// What the guard is told of the workspace.
    var guardTerms: GuardTerms {
        GuardTerms(
            prefixFloor: guardPrefixBudget, networkFloor: guardNetworkBudget, countryFloor: guardCountryBudget,
            applicationFloor: guardApplicationBudget, isEnforced: guardMode == .enforce)
    }
}

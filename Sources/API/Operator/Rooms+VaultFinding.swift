import Workspaces

extension Rooms {
    /// What `doctor` says of the master key's wrapping: of what is on the disk now, and of the next start with it.
    func vaultFinding() async -> CheckupFinding {
        do throws(WorkspaceError) {
            let answer = VaultAnswer(try await masterKey.describe())
            let wrapping =
                answer.wrappedBy.map { "The key '\($0.key)' of the token '\($0.token)' wraps the master key." }
                ?? "The master key stands in its file; no HSM wraps it."
            guard let outlook = answer.outlook else { return CheckupFinding("vault", .ok, wrapping) }
            return CheckupFinding(
                "vault", outlook == .awaitsRewrap ? .warning : .failed, wrapping, advice: outlook.advice)
        } catch  where error.code == .invalidSetting {
            return CheckupFinding(
                "vault", .warning, "The master key's file was rewrapped since the enclave started.",
                advice: error.message)
        } catch {
            return CheckupFinding(
                "vault", .failed, "The master key's file or its HSM does not answer; the next start needs both.",
                advice: "See that the HSM is reachable and master.key is in its place: countersign vault status.")
        }
    }
}

import EnclaveLink
import Workspaces

extension Rooms {
    /// What `doctor` says of the master key's wrapping: of what is on the disk now, and of the next start with it. A
    /// start that would fail is a failure already.
    func vaultFinding() async -> CheckupFinding {
        do throws(EnclaveError) {
            return Self.vaultFinding(VaultAnswer(try await enclave.call(DescribeVault())))
        } catch {
            switch error.code {
            case .rewrapped:
                return CheckupFinding(
                    "vault", .warning, MasterKeyRotation.rewrapped, advice: MasterKeyRotation.adviceWhereRewrapped)
            case .wrappedByUnnamed:
                return CheckupFinding(
                    "vault", .failed, MasterKeyRotation.rewrapped, advice: MasterKeyRotation.adviceWhereRestartFails)
            case .unavailable, .overloaded, .sealRefused, .keyRefused, .requestRefused, .challengeNotAlive:
                return CheckupFinding(
                    "vault", .failed, "The master key's file or its HSM does not answer; the next start needs both.",
                    advice: "See that the HSM is reachable and master.key is in its place: countersign vault status.")
            }
        }
    }

    private static func vaultFinding(_ answer: VaultAnswer) -> CheckupFinding {
        let wrapping =
            answer.wrappedBy.map { "The key '\($0.key)' of the token '\($0.token)' wraps the master key." }
            ?? "The master key stands in its file; no HSM wraps it."
        guard let outlook = answer.outlook else { return CheckupFinding("vault", .ok, wrapping) }
        return CheckupFinding(
            "vault", outlook.preventsStart ? .failed : .warning, wrapping, advice: answer.advice)
    }
}

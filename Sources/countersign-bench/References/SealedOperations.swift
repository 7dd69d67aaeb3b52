import Crypto
import Encodings
import Foundation
import SealedPasscodes
import Synchronization

/// The P-256 and HPKE operations of the sealed flow alone, in one process, on all cores.
///
/// Unchecked because swift-crypto's keys are values, never changed here, but not marked `Sendable`.
struct SealedOperations: @unchecked Sendable {
    private static let body = [UInt8](repeating: UInt8(ascii: "x"), count: 400)

    private let stamping = P256.Signing.PrivateKey()
    private let signing = P256.Signing.PrivateKey()
    private let target = P256.KeyAgreement.PrivateKey()
    private let stampingPublic: P256PublicKey
    private let stamp: [UInt8]
    private let attempt: SealedAttempt

    init() throws(BenchmarkError) {
        do {
            stampingPublic = try P256PublicKey(point: Array(stamping.publicKey.x963Representation))
            stamp = Array(try stamping.signature(for: SHA256.hash(data: Self.body)).derRepresentation)
            attempt = try SealedAttempt.seal(
                AttemptContent(code: "000000", publicKey: stampingPublic),
                to: P256PublicKey(point: Array(target.publicKey.x963Representation)))
        } catch {
            throw BenchmarkError("the reference's keys cannot be made: \(error)")
        }
    }

    /// Inits a second: a stamp checked, a target key made, a bundle signed.
    func initiations(seconds: Double) throws(BenchmarkError) -> Double {
        try rate(seconds: seconds) { checkStamp() && makeKey() && sign() }
    }

    /// Verifications a second: a stamp checked, an attempt opened, a token signed.
    func verifications(seconds: Double) throws(BenchmarkError) -> Double {
        try rate(seconds: seconds) { checkStamp() && (try? attempt.open(with: target)) != nil && sign() }
    }

    private func checkStamp() -> Bool { stampingPublic.isValidSignature(der: stamp, for: Self.body) }

    private func makeKey() -> Bool {
        P256.KeyAgreement.PrivateKey().publicKey.x963Representation.count == 65
    }

    private func sign() -> Bool { (try? signing.signature(for: SHA256.hash(data: Self.body))) != nil }

    private func rate(seconds: Double, _ operation: @Sendable () -> Bool) throws(BenchmarkError) -> Double {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let done = Atomic(0)
        let failed = Atomic(false)
        let start = MonotonicClock.now
        DispatchQueue.concurrentPerform(iterations: cores) { _ in
            var count = 0
            while MonotonicClock.seconds(since: start) < seconds {
                if !operation() { failed.store(true, ordering: .relaxed) }
                count += 1
            }
            done.add(count, ordering: .relaxed)
        }
        guard !failed.load(ordering: .relaxed) else { throw BenchmarkError("an operation of the reference failed") }
        return Double(done.load(ordering: .relaxed)) / MonotonicClock.seconds(since: start)
    }
}

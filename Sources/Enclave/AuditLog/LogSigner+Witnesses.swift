import EnclaveLink
import TransparencyLog

/// What the witnesses of a log say, and what the enclave makes of it.
extension LogSigner {
    /// The request for a witness.
    /// - Throws: `requestRefused` for a head that this enclave's key did not sign, and for a proof that is too long.
    func errand(_ request: CosignLogHead) throws(EnclaveError) -> WitnessErrand {
        guard key.made(request.signed, of: request.origin) else { throw EnclaveError(.requestRefused) }
        do {
            return WitnessErrand(
                request: try AddCheckpointRequest(
                    oldSize: request.baseSize, proof: request.proof, note: key.note(request.signed, of: request.origin))
            )
        } catch {
            throw EnclaveError(.requestRefused)
        }
    }

    /// Judges what a witness has answered.
    func judge(_ answer: WitnessAnswer, to request: CosignLogHead, key witness: VerifierKey) -> CosignOutcome {
        switch answer {
        case .failure(let failure): return .failed(failure)
        case .success(.cosigned(let lines)): return cosigned(lines, request, witness)
        case .success(.conflict(let size)): return conflict(size, request)
        case .success(.refused(status: 403)): return .failed(.keyUnknown)
        case .success(.refused(status: 404)): return .failed(.logUnknown)
        // The proof starts from what the witness has, and does not lead here: it has another tree, or the host lies.
        case .success(.refused(status: 422)): return contradict(request.origin, at: request.baseSize)
        case .success(.refused): return .failed(.refused)
        }
    }

    private func cosigned(
        _ lines: [NoteSignature], _ request: CosignLogHead, _ witness: VerifierKey
    ) -> CosignOutcome {
        do {
            let text = Checkpoint(origin: request.origin, head: request.signed.head).text
            let made = try SignedNote(text: text, signatures: lines).verify(with: [witness])
            return .cosigned(line: made[0].line)
        } catch {
            return .failed(.badSignature)
        }
    }

    private func conflict(_ size: UInt64, _ request: CosignLogHead) -> CosignOutcome {
        let head = request.signed.head
        // Of the very size that was asked from: only the roots can differ, where there is nothing to extend.
        let isOtherRoot = size == request.baseSize && size == head.size
        guard isOtherRoot || isBeyond(size, request.origin) else {
            return size == request.baseSize ? .failed(.badAnswer) : .conflict(size: size)
        }
        return contradict(request.origin, at: size)
    }

    private func isBeyond(_ size: UInt64, _ origin: KeyName) -> Bool {
        guard case .success(let heads) = heads else { return false }
        return size > heads.size(of: origin)
    }

    private func contradict(_ origin: KeyName, at size: UInt64) -> CosignOutcome {
        guard case .success(let heads) = heads, heads.contradict(origin, at: size) else { return .failed(.leftBehind) }
        return .contradicted(size: size)
    }
}

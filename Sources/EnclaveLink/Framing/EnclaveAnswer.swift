/// The answer to a call, as its frame says it.
public enum EnclaveAnswer {
    /// Reads the fields after the envelope.
    /// - Throws: the enclave's own error, or `unavailable` if the answer is not what the call expects: whoever
    ///   answers then is not an enclave of this version.
    public static func decode<Reply: FrameCodable>(
        _ type: Reply.Type, kind: EnclaveFrameKind, fields: FrameReader
    ) throws(EnclaveError) -> Reply {
        do {
            var fields = fields
            switch kind {
            case .succeeded:
                let reply = try fields.read(Reply.self)
                try fields.finish()
                return reply
            case .failed:
                let code = try fields.read(EnclaveError.Code.self)
                try fields.finish()
                throw EnclaveError(code)
            case .openStream, .openWebhookStream, .openInboxFile, .inboxFileWritten:
                throw FrameError.invalidValue
            }
        } catch let error as EnclaveError {
            throw error
        } catch {
            throw EnclaveError(.unavailable)
        }
    }
}

import Enclave
import EnclaveLink

/// What travels between host and enclave: the first byte chooses the message, the rest is its body.
///
/// Promises: what is read is written as the same bytes; the enclave outlives every request; a stream means the same frames
/// however it is cut.
enum FrameEntry {
    static func run(_ bytes: [UInt8]) async throws {
        try splitting(bytes)
        guard let choice = bytes.first else { return }
        try await messages[Int(choice) % messages.count](Array(bytes.dropFirst()))
    }

    /// Those that take long, or change the keys of everybody, are read but not asked.
    private static let messages: [@Sendable ([UInt8]) async throws -> Void] = [
        request(Greet.self), request(MakeChallenge.self), request(RevealTestCode.self), request(AttemptChallenge.self),
        request(DeliverChallenge.self), request(LoadSigningKey.self), request(AttemptSealedChallenge.self),
        request(CheckVerificationToken.self), request(SignSession.self), request(EndorseSigningKey.self),
        request(SignPermission.self), request(VerifyCaptcha.self), request(MakeWebhookSecret.self),
        request(DeliverWebhook.self), request(SignLogHeads.self), request(SignStatement.self),
        request(CosignLogHead.self), request(ReadDeliveryReports.self), request(Reseal.self),
        message(CreateSigningKey.self), message(CreateSigningKey.Reply.self), message(ForgetSigningKey.self),
        message(DescribeVault.self), message(DescribeVault.Reply.self), message(RotateMasterKey.self),
        message(RotateMasterKey.Reply.self), message(RetireMasterKeys.self), message(RetireMasterKeys.Reply.self),
    ]

    private static func request<Request: EnclaveRequest>(_ type: Request.Type)
        -> @Sendable ([UInt8]) async throws -> Void
    {
        { body in
            try message(Request.Reply.self)(body)
            try message(type)(body)
            var reader = EnclaveLink.FrameReader(body)
            guard let request = try? reader.read(type) else { return }
            _ = try? await enclave.get().call(request)
        }
    }

    private static func message<Message: FrameCodable & SendableMetatype>(_ type: Message.Type)
        -> @Sendable ([UInt8]) throws -> Void
    {
        { body in
            var reader = EnclaveLink.FrameReader(body)
            guard let message = try? reader.read(type), (try? reader.finish()) != nil else { return }
            var writer = FrameWriter()
            writer.write(message)
            try promise(try writer.finishBody() == body, "\(type) is not written as it was read")
        }
    }

    private static let enclave = Result { try InProcessEnclave() }

    private static func splitting(_ bytes: [UInt8]) throws {
        try promise(frames(bytes, step: max(bytes.count, 1)) == frames(bytes, step: 1), "a cut makes other frames")
    }

    private static func frames(_ bytes: [UInt8], step: Int) -> [[UInt8]?] {
        var splitter = FrameSplitter()
        var frames: [[UInt8]?] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            bytes[start..<min(start + step, bytes.count)].withUnsafeBytes { splitter.append($0) }
            do throws(FrameError) {
                while let body = try splitter.next() { frames.append(Array(body)) }
            } catch {
                return frames + [nil]
            }
        }
        return frames
    }
}

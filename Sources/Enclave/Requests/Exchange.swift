import EnclaveLink

/// One call: what was asked, and the way back for its answer.
struct Exchange: Sendable {
    let envelope: Envelope<RequestKind>
    let fields: FrameReader
    let answers: any AnswerSink

    /// - Throws: `FrameError` if the body does not even say which call it is.
    init(_ body: ArraySlice<UInt8>, answers: any AnswerSink) throws(FrameError) {
        var reader = FrameReader(body)
        envelope = try Envelope(from: &reader)
        fields = reader
        self.answers = answers
    }

    private init(envelope: Envelope<RequestKind>, answers: any AnswerSink) {
        self.envelope = envelope
        fields = FrameReader([])
        self.answers = answers
    }

    /// The way back alone. What waits for its answer must not keep the request's bytes, which hold a code and belong
    /// to the buffer that further requests are read into.
    var wayBack: Self { Self(envelope: envelope, answers: answers) }

    /// - Throws: `requestRefused` if the fields are not that request.
    func request<Request: EnclaveRequest>(_ type: Request.Type) throws(EnclaveError) -> Request {
        do {
            var fields = fields
            let request = try fields.read(Request.self)
            try fields.finish()
            return request
        } catch {
            throw EnclaveError(.requestRefused)
        }
    }

    /// Answers with what `work` gives or throws.
    func answer<Request: EnclaveRequest>(
        _ type: Request.Type, _ work: (Request) throws(EnclaveError) -> Request.Reply
    ) {
        do {
            succeed(try work(request(type)))
        } catch {
            fail(error)
        }
    }

    func succeed(_ reply: some FrameCodable) {
        do {
            answers.add(try Envelope.succeeded(envelope.identifier, reply))
        } catch {
            fail(EnclaveError(.requestRefused))
        }
    }

    func fail(_ error: EnclaveError) {
        // An error's frame is 10 bytes long, far from the limit that alone could make this throw.
        if let frame = try? Envelope.failed(envelope.identifier, error) { answers.add(frame) }
    }
}

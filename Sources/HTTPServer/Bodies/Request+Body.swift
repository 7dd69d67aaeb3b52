import FoundationEssentials
import NIOCore

extension Request {
    /// Reads the body as JSON. Dates are ISO 8601; fields that `Value` does not have are ignored (see
    /// `topLevelFieldNames()`).
    ///
    /// - Throws: `RequestBodyError`, which says what is wrong and where.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(RequestBodyError) -> Value {
        let text = try checkedText()
        do {
            return try JSONCoding.decoder.decode(type, from: text)
        } catch let error as DecodingError {
            throw RequestBodyError(error, isJSON: { JSONCoding.isJSON(text) })
        } catch let error as RequestBodyError {
            throw error
        } catch {
            throw .notJSON
        }
    }

    /// The names of the fields of the body's outermost object, in order and each as often as it was sent, so that
    /// a caller can be told about a name that nobody reads. Call it after `decode` has accepted the body.
    public func topLevelFieldNames() -> [String] {
        body.withUnsafeReadableBytes { JSONInspection.topLevelFieldNames($0) }
    }

    /// The values of a body that is an object of plain text: strings of printable ASCII without escapes, each member's
    /// name in `names` and at most once. They come in the order of `names`, `nil` for a member that was not sent.
    ///
    /// `nil` for every other body, which may still be right: then `decode` reads it or says what is wrong with it.
    public func plainMembers(named names: [String]) -> [String?]? {
        body.withUnsafeReadableBytes { PlainMembers.read($0, named: names) }
    }

    private func checkedText() throws(RequestBodyError) -> Data {
        let result = body.withUnsafeReadableBytes { bytes -> Result<Data, RequestBodyError> in
            do throws(RequestBodyError) {
                try JSONInspection.check(bytes)
                return .success(Data(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

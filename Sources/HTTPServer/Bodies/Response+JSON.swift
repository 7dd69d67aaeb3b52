import FoundationEssentials
import NIOHTTP1

extension Response {
    /// An answer with a JSON body. Dates are ISO 8601.
    ///
    /// - Throws: `EncodingError` where the value has no JSON form, such as a number that is not finite.
    public static func json(
        _ value: some Encodable, status: HTTPResponseStatus = .ok, headers: HeaderFields = [:],
        contentType: String = "application/json"
    ) throws -> Response {
        var response = Response(status: status, headers: headers)
        response.headers["Content-Type"] = contentType
        response.body = .bytes([UInt8](try JSONCoding.encoder.encode(value)))
        return response
    }
}

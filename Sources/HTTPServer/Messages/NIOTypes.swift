import NIOCore
import NIOHTTP1

/// The method of a request (RFC 9110, section 9). SwiftNIO's own type, so that nothing is converted on the way.
public typealias HTTPMethod = NIOHTTP1.HTTPMethod

/// The status of an answer (RFC 9110, section 15).
public typealias HTTPResponseStatus = NIOHTTP1.HTTPResponseStatus

/// Bytes as SwiftNIO passes them on, without a copy.
public typealias ByteBuffer = NIOCore.ByteBuffer

import HTTPServer
import Logging

/// All routes of the server.
public enum Application {
    /// Throws `RouterError` where two dialects claim one path.
    public static func router(_ rooms: Rooms) throws -> Router {
        var router = Router()
        router.failure = { reason, request in
            if AgentOTPRoutes.owns(path: request.path) { return AgentOTPError(reason).response }
            if OTPEdgeRoutes.owns(path: request.path) { return OTPEdgeError(reason).response }
            if ApprovalRoutes.owns(path: request.path) { return ApprovalRoutes.refusal(reason, in: rooms) }
            let isTurnkey = TurnkeyRoutes.owns(path: request.path)
            var response = isTurnkey ? TurnkeyError(reason).response : ProblemDetails.answer(reason, request)
            if isTurnkey || SealedRoutes.owns(path: request.path) {
                CrossOrigin.share(&response, with: rooms.page(of: request))
            }
            return response
        }
        try OTPEdgeRoutes(rooms: rooms).register(in: &router)
        try DeliveryReportRoutes(rooms: rooms).register(in: &router)
        try AgentOTPRoutes(rooms: rooms).register(in: &router)
        try ApprovalRoutes(rooms: rooms).register(in: &router)
        try TurnkeyRoutes.register(on: rooms, in: &router)
        try SealedRoutes(rooms: rooms).register(in: &router)
        try WellKnownRoutes(rooms: rooms).register(in: &router)
        try SecurityContactRoutes(rooms: rooms).register(in: &router)
        try HealthRoutes(rooms: rooms).register(in: &router)
        try MetricsRoutes(rooms: rooms).register(in: &router)
        try EnclaveRoutes(rooms: rooms).register(in: &router)
        try OperatorRoutes(rooms: rooms).register(in: &router)
        try LeakReportRoutes(rooms: rooms).register(in: &router)
        try AuditLogRoutes(rooms: rooms).register(in: &router)
        if let demonstration = rooms.demonstration {
            try DemonstrationRoutes(rooms: rooms, folder: demonstration.folder).register(in: &router)
        }
        return router
    }
}

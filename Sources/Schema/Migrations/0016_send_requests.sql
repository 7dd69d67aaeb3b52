-- A send that ends without anybody knowing whether its message went out keeps its Idempotency-Key as `finished` 2. After a
-- kill it is found by its passcode, among those that were under way.
CREATE INDEX send_request_under_way ON send_request (workspace, challenge) WHERE finished = 0;

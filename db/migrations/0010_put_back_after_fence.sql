-- A fence calls what it finds claimed unknown. When the older sender then tells that a hand-off had not begun, nothing has
-- become of that message yet, and its row goes.
grant delete on messages to flywheel_app;

-- A look notes the rank of everybody on a board who has moved, at worst of all: a page then holds each row twice, and no index is written.
alter table board_entries set (fillfactor = 50);

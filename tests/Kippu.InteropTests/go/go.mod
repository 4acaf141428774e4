module kippu.test/gopeer

go 1.19

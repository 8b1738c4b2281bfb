module chaff

go 1.26

SELECT CAST(sequence AS text) AS sequence FROM newest

"""What in a text may tell who somebody is. `numbers`: what is written in one shape, such as an NHS number. `marks`: a text as a row of
marks, one for each word. `people`: names and other signs of a person, found in that row and added up."""

// Where the checkout lies that these tests were built from: the data that they read stands in it.
#pragma once

#include <string>

std::string source_dir();  // absolute, without a slash at its end

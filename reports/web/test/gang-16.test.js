import { testExample } from "./support/example.js";

testExample("gang-16");

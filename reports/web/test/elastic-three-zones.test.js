import { testExample } from "./support/example.js";

testExample("elastic-three-zones");

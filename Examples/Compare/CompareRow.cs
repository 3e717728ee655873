using Engine;

namespace Examples.Compare;

/// <summary>A candidate and what its trials came to.</summary>
internal sealed record CompareRow(CompareCandidate Candidate, CandidateResult Result);

namespace Engine;

/// <summary>The factors κ by which <see cref="Muon"/> scales its step for the shape of the matrix.</summary>
public enum MuonScale
{
    /// <summary>√max(1, rows/columns), for weights of shape [outputs, inputs]: Jordan's, and PyTorch's "original".</summary>
    Original,

    /// <summary>√max(1, columns/rows), for weights of shape [inputs, outputs]: optax's.</summary>
    Transposed,

    /// <summary>
    /// 0.2·√max(rows, columns), which gives a step the root mean square of AdamW's, so that AdamW's learning rate and weight decay can be
    /// kept (Liu et al., Muon is Scalable for LLM Training, 2025).
    /// </summary>
    MatchRmsAdamW,
}

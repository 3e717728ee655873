namespace Engine;

/// <summary>How <see cref="Lbfgs{T}"/> finds the length of a step.</summary>
public enum LineSearch
{
    /// <summary>It does not: every step has the length of the learning rate. PyTorch's default, and right only where losses are noisy.</summary>
    None,

    /// <summary>Until the loss has fallen enough and its slope is flat enough: |φ′(t)| ≤ 0.9·|φ′(0)| and φ(t) ≤ φ(0) + 10⁻⁴·t·φ′(0) (Nocedal &amp; Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6).</summary>
    StrongWolfe,
}

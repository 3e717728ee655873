namespace Engine;

/// <summary>How <see cref="Lbfgs{T}"/> finds the step length.</summary>
public enum LineSearch
{
    /// <summary>The step length is the learning rate: PyTorch's default, which is right only for noisy losses.</summary>
    None,

    /// <summary>
    /// The step length fulfills the strong Wolfe conditions |φ′(τ)| ≤ 0.9·|φ′(0)| and φ(τ) ≤ φ(0) + 10⁻⁴·τ·φ′(0) (Nocedal &amp; Wright,
    /// Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6).
    /// </summary>
    StrongWolfe,
}
